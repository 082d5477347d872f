//! Calls per second with 1, 64, 1,000 and 5,000 calls in flight over one client, or with as many as
//! it is told: `throughput [IN_FLIGHT]...`.
//!
//! The ways take short turns, each of them as often the first of a round as the others, so that
//! whatever else the machine does falls on all of them. Processor time is that of this process, user
//! and system: the server's is not in it.

use std::time::{Duration, Instant};

use benches::{Caller, Server, Way};

const ANSWER: &str = "small";
const ROUNDS: usize = 30;
const TURN: Duration = Duration::from_millis(300);

/// What one turn came to.
struct Turn {
    calls_per_second: f64,
    processor_per_call: f64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(&[ANSWER])?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    println!("in flight  way   calls/s   of hand   processor/call   of hand");
    let mut levels = std::env::args()
        .skip(1)
        .map(|level| level.parse())
        .collect::<Result<Vec<usize>, _>>()?;
    if levels.is_empty() {
        levels.extend([1, 64, 1000, 5000]);
    }
    for in_flight in levels {
        let mut turns: [Vec<Turn>; 3] = Default::default();
        let callers = Way::ALL
            .iter()
            .map(|&way| Caller::new(way, &server.base(ANSWER)))
            .collect::<Result<Vec<_>, _>>()?;
        for round in 0..=ROUNDS {
            for way in (0..callers.len()).map(|way| (way + round) % callers.len()) {
                let turn = runtime.block_on(take(&callers[way], in_flight))?;
                // The first one opens the connections.
                if round > 0 {
                    turns[way].push(turn);
                }
            }
        }
        let hand = &turns[0];
        for (way, turns) in Way::ALL.iter().zip(&turns) {
            // Each turn against that of hand-written code in the same round.
            let of_hand = |value: fn(&Turn) -> f64| {
                median(
                    turns
                        .iter()
                        .zip(hand)
                        .map(|(own, hand)| value(own) / value(hand)),
                )
            };
            println!(
                "{in_flight:>9}  {:<4} {:>8.0}   {:>6.1} %   {:>10.1} us   {:>6.1} %",
                way.name(),
                median(turns.iter().map(|turn| turn.calls_per_second)),
                100.0 * of_hand(|turn| turn.calls_per_second),
                1e6 * median(turns.iter().map(|turn| turn.processor_per_call)),
                100.0 * of_hand(|turn| turn.processor_per_call),
            );
        }
    }
    Ok(())
}

async fn take(caller: &Caller, in_flight: usize) -> Result<Turn, Box<dyn std::error::Error>> {
    let (begun, processor) = (Instant::now(), processor_time()?);
    let workers: Vec<_> = (0..in_flight)
        .map(|_| {
            let caller = caller.clone();
            tokio::spawn(async move {
                let mut calls = 0_u32;
                // Everyone calls once at least, so that so many are in flight.
                loop {
                    let outcome = caller.call().await?;
                    if !outcome.fits(ANSWER) {
                        return Err(format!("{outcome:?}"));
                    }
                    calls += 1;
                    if begun.elapsed() >= TURN {
                        return Ok(calls);
                    }
                }
            })
        })
        .collect();
    let mut calls = 0.0;
    for worker in workers {
        calls += f64::from(worker.await??);
    }
    Ok(Turn {
        calls_per_second: calls / begun.elapsed().as_secs_f64(),
        processor_per_call: (processor_time()? - processor) / calls,
    })
}

/// Seconds of processor time that this process has taken, from Linux' scheduler: its clock ticks in
/// nanoseconds, that of `/proc/self/stat` in hundredths of a second.
fn processor_time() -> Result<f64, Box<dyn std::error::Error>> {
    let mut nanoseconds = 0.0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = text.split_whitespace().next().unwrap_or_default();
        nanoseconds += first.parse::<f64>()?;
    }
    Ok(nanoseconds / 1e9)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
