//! A small HTTP server that does what a test tells it, right or wrong.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// As in the first line: a path, for a proxy a whole URL, for CONNECT host and port.
    pub(crate) target: String,
    headers: BTreeMap<String, String>,
}

impl Asked {
    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What to answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Says so instead of the true length.
    claimed: Option<usize>,
    /// Ends the connection after so many bytes of the body.
    cut: Option<usize>,
    /// Sends so many bytes at a time, and waits in between.
    pace: Option<(usize, Duration)>,
    /// Sends the body again and again, without a length.
    endless: bool,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::status(200) }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn claiming(self, length: usize) -> Self {
        Self { claimed: Some(length), ..self }
    }

    pub(crate) fn cut(self, after: usize) -> Self {
        Self { cut: Some(after), ..self }
    }

    pub(crate) fn slowly(self, bytes: usize, pause: Duration) -> Self {
        Self { pace: Some((bytes, pause)), ..self }
    }

    pub(crate) fn endless(self) -> Self {
        Self { endless: true, ..self }
    }

    /// Writes it; whether the connection may be used again.
    fn send(&self, to: &mut dyn Write) -> std::io::Result<bool> {
        let mut head = format!("HTTP/1.1 {} Whatever\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !self.endless {
            head += &format!("Content-Length: {}\r\n", self.claimed.unwrap_or(self.body.len()));
        }
        to.write_all((head + "\r\n").as_bytes())?;
        let body = &self.body[..self.cut.unwrap_or(self.body.len()).min(self.body.len())];
        loop {
            let (bytes, pause) = self.pace.unwrap_or((usize::MAX, Duration::ZERO));
            for piece in body.chunks(bytes) {
                to.write_all(piece)?;
                to.flush()?;
                thread::sleep(pause);
            }
            if !self.endless {
                return Ok(self.cut.is_none() && self.claimed.is_none());
            }
        }
    }
}

/// A server on a port of its own, gone when it is dropped.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    done: Arc<AtomicBool>,
}

impl Server {
    /// Answers each request with what `answer` says, given how often that target was asked for before.
    pub(crate) fn start(answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_with(|stream| Box::new(stream), answer)
    }

    /// The same behind something that wraps the connection.
    pub(crate) fn start_with(
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static,
        answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let done = Arc::new(AtomicBool::new(false));
        let (log, stop) = (asked.clone(), done.clone());
        let (wrap, answer) = (Arc::new(wrap), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (log, wrap, answer) = (log.clone(), wrap.clone(), answer.clone());
                thread::spawn(move || {
                    stream.set_nodelay(true).unwrap();
                    let mut stream = BufReader::new(wrap(stream));
                    while let Some(request) = read(&mut stream) {
                        let before = {
                            let mut log = log.lock().unwrap();
                            log.push(request.clone());
                            log.iter().filter(|other| other.target == request.target).count() - 1
                        };
                        // A client that went away is what some tests are about.
                        if !answer(&request, before).send(stream.get_mut()).unwrap_or(false) {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, asked, done }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A URL of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// What was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The targets of it.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.target).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// A connection, encrypted or not.
pub(crate) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn read(stream: &mut BufReader<Box<dyn Stream>>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line);
    }
    let target = lines.first()?.split(' ').nth(1)?.to_owned();
    let header = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some(Asked { target, headers: lines.iter().skip(1).filter_map(header).collect() })
}

/// Answers as a good server of files does: with a tag, a date, parts, and "not modified".
pub(crate) fn file(asked: &Asked, body: &[u8], tag: &str) -> Answer {
    let tag = format!("\"{tag}\"");
    if asked.header("if-none-match") == Some(&tag) {
        return Answer::status(304).header("ETag", &tag);
    }
    let from = asked.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
    let answer = match from.and_then(|from| from.parse::<usize>().ok()) {
        Some(from) if asked.header("if-range") == Some(&tag) && from < body.len() => {
            let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
            Answer { status: 206, ..Answer::ok(&body[from..]) }.header("Content-Range", &range)
        }
        _ => Answer::ok(body),
    };
    answer.header("ETag", &tag).header("Content-Type", "application/octet-stream")
}
