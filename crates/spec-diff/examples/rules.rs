//! Lists all rules, or explains one: `cargo run --example rules -- [ID]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(id) = std::env::args().nth(1) else {
        for rule in spec_diff::rules() {
            println!(
                "{:<18} {:<52} {}",
                rule.level.as_str(),
                rule.id,
                rule.reason
            );
        }
        return ExitCode::SUCCESS;
    };
    let Some(text) = spec_diff::explain(&id) else {
        eprintln!("there is no rule `{id}`");
        return ExitCode::from(2);
    };
    print!("{text}");
    ExitCode::SUCCESS
}
