//! Serves the answers named: `server small large refused`.

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    benches::serve(&names).await
}
