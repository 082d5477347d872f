//! The server of all measurements: on loopback, and in a process of its own where what it does
//! would count.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::answers::answer;

/// The program `server` beside this one, running until this value is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    base: String,
}

impl Server {
    /// Starts it with these answers.
    ///
    /// # Errors
    ///
    /// If the program is not there (build the whole package), or says no address.
    pub fn start(answers: &[&str]) -> io::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("server");
        let mut process = Command::new(&program)
            .args(answers)
            // It ends when this end of the pipe is closed, however this process ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| {
                io::Error::other(format!("cannot start {}: {error}", program.display()))
            })?;
        let mut base = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut base)?;
        }
        Ok(Self {
            process,
            base: base.trim_end().to_owned(),
        })
    }

    /// The base URL under which everything is answered with `answer`.
    pub fn base(&self, answer: &str) -> String {
        format!("{}/{answer}", self.base)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whatever fails here: it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves these answers and prints the address, until standard input ends.
///
/// # Errors
///
/// If an answer is not known or no port is free.
pub async fn serve(names: &[String]) -> io::Result<()> {
    let (base, serving) = listen(names).await?;
    println!("{base}");
    io::stdout().flush()?;
    std::thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    serving.await
}

/// The same server in this process: its address, and what answers as long as it is polled.
///
/// It allocates for connections and not for calls.
///
/// # Errors
///
/// If an answer is not known or no port is free.
pub async fn listen<N: AsRef<str>>(
    names: &[N],
) -> io::Result<(String, impl Future<Output = io::Result<()>> + use<N>)> {
    let mut answers = HashMap::new();
    for name in names {
        answers.insert(name.as_ref().to_owned(), wire(name.as_ref())?);
    }
    let answers = Arc::new(answers);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let serving = async move {
        loop {
            let (stream, _) = listener.accept().await?;
            let answers = Arc::clone(&answers);
            // A client that goes away in the middle is no concern of ours.
            tokio::spawn(async move { converse(stream, &answers).await });
        }
    };
    Ok((base, serving))
}

fn wire(name: &str) -> io::Result<Vec<u8>> {
    let answer = answer(name)?;
    let encoding = answer
        .encoding
        .map(|encoding| format!("content-encoding: {encoding}\r\n"))
        .unwrap_or_default();
    let mut wire = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\nx-request-id: 0c5f3a52-6f0a-4f0e-9a55-3f1c2d4b5a69\r\n{encoding}content-length: {}\r\n\r\n",
        answer.body.len()
    )
    .into_bytes();
    wire.extend(answer.body);
    Ok(wire)
}

/// Answers one request after the other. None of them has a body.
async fn converse(mut stream: TcpStream, answers: &HashMap<String, Vec<u8>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = Vec::with_capacity(4096);
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let path = head.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
        let name = path.split(|&byte| byte == b'/').nth(1).unwrap_or_default();
        let answer = answers.get(String::from_utf8_lossy(name).as_ref());
        let not_found = &b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"[..];
        stream
            .write_all(answer.map_or(not_found, |answer| answer))
            .await?;
    }
}
