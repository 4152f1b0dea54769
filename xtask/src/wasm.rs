//! WebAssembly as Rust's linker writes it, made into what a page loads: split into parts that are loaded on demand, bound to a script.

use std::{
    collections::BTreeMap,
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

use crate::error::{Error, Result, on_file};

/// What compiler and linker are told so that the parts of what they write can be told apart.
pub const SPLITTABLE: &[&str] = &["--cfg", "split", "-C", "link-args=--emit-relocs"];
/// The script that loads the parts, beside the one that is bound.
pub const LOADER: &str = "parts.js";
/// What that script fetches parts by: checks what arrives, which the browser's own `fetch` does not by itself.
const FETCH: &str = r#"import { fetchPart as fetch } from "../own.js";"#;

/// Splits `wasm`, binds its first part to the script `NAME.js` in `out` and gives the files of all parts, the first one (`NAME_bg.wasm`) first.
///
/// # Errors
/// When it cannot be split, or was compiled with another release of wasm-bindgen.
pub fn split_and_bind(wasm: &Path, out: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let first = wasm.with_file_name(format!("{name}.first.wasm"));
    let linked = fs::read(wasm).map_err(on_file("read", wasm))?;
    let main_module = format!("./{name}.js");
    let link_name = format!("./{LOADER}");
    let mut options = Options::new(&linked);
    options.output_dir = out;
    options.main_out_path = &first;
    options.main_module = &main_module;
    options.link_name = &link_name;
    let parts = transform(options).map_err(|why| failed("split", wasm, why))?.split_modules;
    let loader = out.join(LOADER);
    let script = fs::read_to_string(&loader).map_err(on_file("read", &loader))?;
    fs::write(&loader, format!("{FETCH}\n{script}")).map_err(on_file("write", &loader))?;
    let mut bindgen = bindgen(&first, name)?;
    // The parts name what they need of the first one as the linker did.
    bindgen.keep_lld_exports(true).demangle(false);
    generate(bindgen, &first, out)?;
    Ok([vec![out.join(format!("{name}_bg.wasm"))], parts].concat())
}

/// Gives what `wasm` imports from its script short names: each long one holds a hash that no compression takes out. Gives the names by the
/// long ones.
///
/// # Errors
/// When the file cannot be read or written.
pub fn shorten_imports(wasm: &Path) -> Result<BTreeMap<String, String>> {
    let mut module = Module::from_file(wasm).map_err(|why| failed("read", wasm, why))?;
    let mut names = BTreeMap::new();
    for import in module.imports.iter_mut().filter(|import| has_hash(&import.name)) {
        let next = format!("i{:x}", names.len());
        import.name = names.entry(std::mem::take(&mut import.name)).or_insert(next).clone();
    }
    module.emit_wasm_file(wasm).map_err(|why| failed("write", wasm, why))?;
    Ok(names)
}

/// What a name of wasm-bindgen with a hash ends in, as a regular expression.
pub const HASH: &str = "_[0-9a-f]{16}$";

fn has_hash(name: &str) -> bool {
    name.rsplit_once('_')
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c)))
}

/// Binds `wasm` to the script `NAME.js` in `out`; the WebAssembly beside it is `NAME_bg.wasm`.
///
/// # Errors
/// When it was compiled with another release of wasm-bindgen.
pub fn bind(wasm: &Path, out: &Path, name: &str) -> Result<PathBuf> {
    generate(bindgen(wasm, name)?, wasm, out)?;
    Ok(out.join(format!("{name}_bg.wasm")))
}

fn bindgen(wasm: &Path, name: &str) -> Result<Bindgen> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).out_name(name).omit_default_module_path(true);
    bindgen.web(true).map_err(|why| failed("bind", wasm, why))?;
    Ok(bindgen)
}

fn generate(mut bindgen: Bindgen, wasm: &Path, out: &Path) -> Result<()> {
    bindgen.generate(out).map_err(|why| failed("bind", wasm, why))
}

fn failed(what: &str, wasm: &Path, why: impl Display) -> Error {
    Error::Missing {
        what: format!("cannot {what} {}: {why:#}", wasm.display()),
        mend: "see that wasm-bindgen and the wasm_split crates have the releases that Cargo.toml and xtask/Cargo.toml name"
            .into(),
    }
}
