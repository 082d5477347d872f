"""What generators of Rust clients make of the same OpenAPI documents.

usage: compare.py DOCUMENTS WORK [TOOL...]

Each tool generates a crate of each document below DOCUMENTS (it, cargo and Python with what values.py needs are on the
PATH, client-gen too; OPENAPI_GENERATOR names openapi-generator's jar). A program is compiled with each crate that reads
valid values of the document's bodies by its types and writes them again. WORK/results.jsonl has a line for each pair:
methods, compiler errors, and how many values were `kept`, lost something `empty` (an optional list or map without
entries), were `changed`, `refused`, ended the program (`panics`), or have no type of their name (`no type`).
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

from values import load, operations

HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = {**os.environ, "RUSTFLAGS": "-Awarnings", "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_TERM_COLOR": "never"}
LONGEST = 1800  # seconds

JUDGE = """
use serde_json::{Map, Value, json};
use std::io::BufRead as _;

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let get = |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or_default();
            a.keys().chain(b.keys()).all(|key| same(&get(a, key), &get(b, key)))
        }
        (a, b) => a == b,
    }
}

/// Without members that are empty.
fn filled(value: &Value) -> Value {
    let is_empty = |value: &Value| value.is_null() || *value == json!([]) || *value == json!({});
    match value {
        Value::Object(map) => {
            let members = map.iter().map(|(key, value)| (key.clone(), filled(value)));
            Value::Object(members.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => items.iter().map(filled).collect(),
        value => value.clone(),
    }
}

fn judge<T: serde::Serialize + serde::de::DeserializeOwned>(value: &Value) -> &'static str {
    // From text, because some types borrow from it.
    match serde_json::from_str::<T>(&value.to_string()).map(|it| serde_json::to_value(it)) {
        Err(_) => "refused",
        Ok(Ok(back)) if same(value, &back) => "kept",
        Ok(Ok(back)) if same(&filled(value), &filled(&back)) => "empty",
        Ok(_) => "changed",
    }
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let value = &line["value"];
        let verdict = match line["type"].as_str().unwrap() {
ARMS
            _ => "no type",
        };
        println!("{verdict}");
    }
}
"""


def run(arguments, **more):
    start = time.time()
    try:
        done = subprocess.run(
            arguments, env={**ENVIRONMENT, **more.pop("env", {})}, timeout=LONGEST, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more,
        )
        return done.returncode, done.stdout, time.time() - start
    except subprocess.TimeoutExpired:
        return -1, f"longer than {LONGEST} s", LONGEST


def openapi_to_rust(document, crate, name):
    """It writes modules, and the dependencies that they need."""
    outcome = run(["openapi-to-rust", "generate", document, "--output-dir", f"{crate}/src/generated"])
    needed = f"{crate}/src/generated/REQUIRED_DEPS.toml"
    if os.path.exists(needed):
        with open(f"{crate}/Cargo.toml", "w") as manifest:
            manifest.write(f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2024"\n\n{open(needed).read()}')
        with open(f"{crate}/src/lib.rs", "w") as root:
            root.write("pub mod generated;\n")
    return outcome


# How it is called, the module of types, files with types, files with methods, what a method begins with.
TOOLS = {
    "client-gen": (
        lambda document, crate, name: run(["client-gen", "generate", document, "--out", crate, "--name", name]),
        "types", "src/generated/*.rs", "src/generated/client.rs", r"^    pub (?:async )?fn (\w+)",
    ),
    "progenitor": (
        lambda document, crate, name: run(["cargo-progenitor", "progenitor", "-i", document, "-o", crate, "-n", name, "-v", "0.1.0"]),
        "types", "src/lib.rs", "src/lib.rs", r"^    pub async fn (\w+)",
    ),
    "openapi-generator": (
        lambda document, crate, name: run([
            "java", "-jar", os.environ["OPENAPI_GENERATOR"], "generate", "-g", "rust", "-i", document, "-o", crate,
            "--skip-validate-spec", f"--additional-properties=packageName={name}",
        ]),
        "models", "src/models/*.rs", "src/apis/*_api.rs", r"^pub async fn (\w+)",
    ),
    "openapi-to-rust": (
        openapi_to_rust, "generated::types", "src/generated/**/*.rs", "src/generated/client.rs", r"^    pub async fn (\w+)",
    ),
    "ploidy": (
        lambda document, crate, name: run(["ploidy", "generate", "rust", document, "-o", crate, "--name", name]),
        "types", "src/types/**/*.rs", "src/client/**/*.rs", r"^    pub async fn (\w+)",
    ),
}
NO_OPERATIONS = {"new", "new_with_client", "with_credential", "with_server"}


def texts(pattern):
    return [open(file, encoding="utf-8").read() for file in glob.glob(pattern, recursive=True)]


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def types_of(crate, files, wanted):
    """The Rust type of each name in the document, as far as there is one of that name."""
    found = {}
    for text in texts(f"{crate}/{files}"):
        for name, is_generic in re.findall(r"^\s*pub (?:struct|enum|type) (\w+)(<)?", text, re.MULTILINE):
            if not is_generic:
                found.setdefault(plain(name), []).append(name)
    candidates = {name: found[plain(name)] for name in wanted if plain(name) in found}
    return {name: name if name in all_of else min(all_of, key=len) for name, all_of in candidates.items()}


def judged(crate, module, types, values, target):
    """Compiler errors of the crate, what the compiler said, and the verdicts."""
    home = f"{crate}-judge"
    os.makedirs(f"{home}/src", exist_ok=True)
    package = re.search(r'^name\s*=\s*"([^"]+)"', open(f"{crate}/Cargo.toml").read(), re.MULTILINE)[1]
    with open(f"{home}/Cargo.toml", "w") as manifest:
        manifest.write(
            '[package]\nname = "judge"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n'
            f'api = {{ package = "{package}", path = "{crate}" }}\nserde = "1"\nserde_json = "1"\n'
        )
    while True:
        arms = [f"            {json.dumps(name)} => judge::<api::{module}::{ty}>(value)," for name, ty in types.items()]
        program = JUDGE.replace("ARMS", "\n".join(arms))
        with open(f"{home}/src/main.rs", "w") as main:
            main.write(program)
        code, said, _ = run(["cargo", "build", "--quiet", "--message-format=short"], cwd=home, env={"CARGO_TARGET_DIR": target})
        if code == 0:
            break
        theirs = len(re.findall(r"(?m)^(?!src/main)\S+\.rs:\d+:\d+: error", said))
        ours = {int(line) for line in re.findall(r"(?m)^src/main\.rs:(\d+):", said)}
        lines = program.split("\n")
        # What cannot be read or written, such as the body of a request in some tools, is left out.
        bad = {name for name in types if any(f"{json.dumps(name)} =>" in lines[line - 1] for line in ours)}
        if theirs or not bad:
            return max(theirs, 1), said, {}
        types = {name: ty for name, ty in types.items() if name not in bad}
    verdicts, lines = [], values
    while lines:
        done = subprocess.run([f"{target}/debug/judge"], input="\n".join(lines) + "\n", capture_output=True, text=True)
        verdicts += done.stdout.split("\n")[:-1]
        if done.returncode == 0:
            break
        verdicts.append("panics")
        lines = values[len(verdicts):]
    with open(f"{home}/verdicts.txt", "w") as all_of_them:
        all_of_them.writelines(f"{verdict} {value}\n" for verdict, value in zip(verdicts, values))
    return 0, "", {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}


def main(documents, work, tools):
    documents, work = os.path.abspath(documents), os.path.abspath(work)
    os.makedirs(work, exist_ok=True)
    for document in sorted(glob.glob(f"{documents}/*.json") + glob.glob(f"{documents}/*.y*ml")):
        name = os.path.basename(document).rsplit(".", 1)[0]
        count = sum(1 for _ in operations(load(document)))
        values = subprocess.run([sys.executable, f"{HERE}/values.py", document], stdout=subprocess.PIPE, text=True).stdout.splitlines()
        wanted = {json.loads(line)["type"] for line in values}
        for tool in tools or TOOLS:
            generate, module, types, methods, begins = TOOLS[tool]
            crate = f"{work}/{tool}/{name}"
            shutil.rmtree(crate, ignore_errors=True)
            os.makedirs(os.path.dirname(crate), exist_ok=True)
            code, said, seconds = generate(document, crate, f"{name}-api")
            found = {method for text in texts(f"{crate}/{methods}") for method in re.findall(begins, text, re.MULTILINE)}
            row = {"tool": tool, "document": name, "operations": count, "methods": len(found - NO_OPERATIONS), "seconds": round(seconds, 1)}
            if not row["methods"]:
                row["said"] = said[-400:]
            else:
                errors, said, verdicts = judged(crate, module, types_of(crate, types, wanted), values, f"{work}/target")
                row |= {"errors": errors, "values": verdicts, "said": said[:400]}
            print(json.dumps(row), flush=True)
            with open(f"{work}/results.jsonl", "a") as results:
                results.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
