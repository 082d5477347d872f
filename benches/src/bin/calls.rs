//! Makes calls one after the other: `calls WAY ANSWER COUNT`.
//!
//! For callgrind: the instructions of two runs with different counts, subtracted, are those of the
//! calls alone.

use benches::{Caller, Server};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, answer, count] = arguments.as_slice() else {
        return Err("usage: calls hand|api|sdk small|large|refused COUNT".into());
    };
    let count: usize = count.parse()?;
    let server = Server::start(&[answer])?;
    let caller = Caller::new(way.parse()?, &server.base(answer))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        for _ in 0..count {
            let outcome = caller.call().await?;
            if !outcome.fits(answer) {
                return Err(format!("{outcome:?}").into());
            }
        }
        Ok(())
    })
}
