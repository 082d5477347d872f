//! Prints the allocations of each way to call, for each answer: `way answer count bytes`.
//!
//! The least of many calls over a connection that is open already. A large answer comes in as many
//! pieces as the network happens to hand over, and each piece is an allocation, so the server shares
//! the one thread: what it sends is there before the client looks.

use allocation_counter::measure;
use benches::{Caller, Way, answers, listen};

const CALLS: usize = 31;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (base, serving) = runtime.block_on(listen(&answers::MEASURED))?;
    runtime.spawn(serving);
    for answer in answers::MEASURED {
        for way in Way::ALL {
            let caller = Caller::new(way, &format!("{base}/{answer}"))?;
            let mut least = (u64::MAX, u64::MAX);
            for _ in 0..CALLS {
                let mut outcome = None;
                let counted = measure(|| outcome = Some(runtime.block_on(caller.call())));
                match outcome.transpose()? {
                    Some(outcome) if outcome.fits(answer) => {}
                    other => return Err(format!("{other:?}").into()),
                }
                least = least.min((counted.count_total, counted.bytes_total));
            }
            let (count, bytes) = least;
            println!("{} {answer} {count} {bytes}", way.name());
        }
    }
    Ok(())
}
