//! Prints the allocations of each way to call, for each answer: `way answer count bytes`.
//!
//! The median of many calls over a connection that is open already.

use allocation_counter::measure;
use benches::{Caller, Server, Way, answers};

const CALLS: usize = 31;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(&answers::MEASURED)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for answer in answers::MEASURED {
        for way in Way::ALL {
            let caller = Caller::new(way, &server.base(answer))?;
            let mut counts = Vec::with_capacity(CALLS);
            for _ in 0..CALLS {
                let mut outcome = None;
                let counted = measure(|| outcome = Some(runtime.block_on(caller.call())));
                match outcome.transpose()? {
                    Some(outcome) if outcome.fits(answer) => {}
                    other => return Err(format!("{other:?}").into()),
                }
                counts.push((counted.count_total, counted.bytes_total));
            }
            counts.sort_unstable();
            let (count, bytes) = counts[CALLS / 2];
            println!("{} {answer} {count} {bytes}", way.name());
        }
    }
    Ok(())
}
