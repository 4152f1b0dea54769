//! What packages bring along of others without telling a program: looked up by hand, in the versions of [`SEEN`].

use Within::{Compiler, Crate, Npm};

/// Where a part lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In a crate.
    Crate,
    /// In an npm package.
    Npm,
    /// In what Rust's compiler adds.
    Compiler,
}

/// Something of others inside a package.
#[derive(Debug)]
pub struct Part {
    within: Within,
    of: &'static str,
    /// Where it lies in its package, as far as that is a place of its own; otherwise nothing.
    pub place: &'static str,
    pub name: &'static str,
    pub licence: &'static str,
    pub copyright: &'static str,
}

/// The npm packages that were looked at. Where one changes, look again: at the names of crates in Spark's WebAssembly (`strings`) and in its
/// `rust/Cargo.toml`, at the READMEs in three's `examples/jsm/libs` and the headers of its scripts.
pub const SEEN: &[(&str, &str)] = &[("three", "0.187.0"), ("@sparkjsdev/spark", "2.2.0")];

/// The parts of a package.
pub fn of(within: Within, package: &str) -> Vec<&'static Part> {
    PARTS.iter().filter(|part| part.within == within && part.of == package).collect()
}

const fn part(within: Within, of: &'static str, place: &'static str, of_whom: [&'static str; 3]) -> Part {
    let [name, licence, copyright] = of_whom;
    Part { within, of, place, name, licence, copyright }
}

const fn spark(name: &'static str, licence: &'static str, copyright: &'static str) -> Part {
    part(Npm, "@sparkjsdev/spark", "", [name, licence, copyright])
}

const fn three(place: &'static str, name: &'static str, licence: &'static str, copyright: &'static str) -> Part {
    part(Npm, "three", place, [name, licence, copyright])
}

const fn rust(name: &'static str, licence: &'static str, copyright: &'static str) -> Part {
    part(Compiler, "std", "", [name, licence, copyright])
}

const EITHER: &str = "MIT OR Apache-2.0";
const DRACO: &str = "examples/jsm/libs/draco/";
const BASIS: &str = "examples/jsm/libs/basis/";
const ZSTD: &str = "examples/jsm/libs/zstddec";

const PARTS: &[Part] = &[
    part(Crate, "libsqlite3-sys", "", ["SQLite", "blessing", ""]),
    three("", "earcut 3.0.2", "ISC", "Copyright (c) 2016, Mapbox"),
    three(DRACO, "Draco", "Apache-2.0", "Copyright The Draco Authors"),
    three(BASIS, "Basis Universal transcoder", "Apache-2.0", "Copyright (c) Binomial LLC"),
    three(
        BASIS,
        "Zstandard, in the Basis Universal transcoder",
        "BSD-3-Clause",
        "Copyright (c) Meta Platforms, Inc. and affiliates.",
    ),
    three("examples/jsm/libs/meshopt_decoder", "meshoptimizer 1.1", "MIT", "Copyright (c) 2016-2026 Arseny Kapoulkine"),
    three("examples/jsm/libs/ktx-parse", "KTX-Parse", "MIT", "Copyright (c) 2020 Don McCurdy"),
    three(ZSTD, "zstddec", "MIT", "Copyright (c) 2020 Don McCurdy"),
    three(ZSTD, "Zstandard, in zstddec", "BSD-3-Clause", "Copyright (c) Meta Platforms, Inc. and affiliates."),
    // Of the three WebAssemblies in C++ and their scripts.
    three("", "Emscripten", "MIT", "Copyright (c) 2010-2014 Emscripten authors"),
    three("", "musl, in Emscripten", "MIT", "Copyright (c) 2005-2020 Rich Felker, et al."),
    spark("fflate 0.8", "MIT", "Copyright (c) 2026 Arjun Barrett"),
    spark("adler2", "0BSD OR MIT OR Apache-2.0", ""),
    spark("ahash", EITHER, ""),
    spark("anyhow", EITHER, ""),
    spark("bitflags", EITHER, ""),
    spark("bytemuck", "Zlib OR Apache-2.0 OR MIT", ""),
    spark("byteorder-lite", "Unlicense OR MIT", "Copyright (c) 2015 Andrew Gallant"),
    spark("cfg-if", EITHER, ""),
    spark("console_error_panic_hook", EITHER, ""),
    spark("const-random", EITHER, ""),
    spark("crc32fast", EITHER, ""),
    spark("either", EITHER, ""),
    spark("equivalent", EITHER, ""),
    spark("fdeflate", EITHER, ""),
    spark("flate2", EITHER, ""),
    spark("glam", EITHER, ""),
    spark("half", EITHER, ""),
    spark("hashbrown", EITHER, ""),
    spark("hnsw", "MIT", "Copyright (c) 2021 Rust CV"),
    spark("image", EITHER, ""),
    spark("image-webp", EITHER, ""),
    spark("indexmap", EITHER, ""),
    spark("itertools", EITHER, ""),
    spark("itoa", EITHER, ""),
    spark("js-sys", EITHER, ""),
    spark("log", EITHER, ""),
    spark("memchr", "Unlicense OR MIT", "Copyright (c) 2015 Andrew Gallant"),
    spark("miniz_oxide", "MIT OR Zlib OR Apache-2.0", ""),
    spark("moxcms", "BSD-3-Clause OR Apache-2.0", ""),
    spark("num-traits", EITHER, ""),
    spark("once_cell", EITHER, ""),
    spark("ordered-float", "MIT", "Copyright (c) 2015 Jonathan Reem"),
    spark("png", EITHER, ""),
    spark("pxfm", "BSD-3-Clause OR Apache-2.0", ""),
    spark("quick-error", EITHER, ""),
    spark("rand_core", EITHER, ""),
    spark("rand_pcg", EITHER, ""),
    spark("ryu", "Apache-2.0 OR BSL-1.0", ""),
    spark("serde", EITHER, ""),
    spark("serde-wasm-bindgen", "MIT", "Copyright (c) 2019 Cloudflare, Inc."),
    spark("serde_json", EITHER, ""),
    spark("simd-adler32", "MIT", "Copyright (c) 2021 Marvin Countryman"),
    spark("smallvec", EITHER, ""),
    spark("space", "MIT", "Copyright (c) 2021 Rust CV"),
    spark("typed-path", EITHER, ""),
    spark("wasm-bindgen", EITHER, ""),
    spark("web-sys", EITHER, ""),
    spark("zerocopy", "BSD-2-Clause OR Apache-2.0 OR MIT", ""),
    spark("zip", "MIT", "Copyright (c) 2014 Mathijs van de Nes"),
    spark("zlib-rs", "Zlib", "(C) 2024 Trifecta Tech Foundation"),
    spark("Rust's standard library", EITHER, ""),
    rust("Unicode Character Database", "Unicode-3.0", "Copyright (c) 1991-2024 Unicode, Inc."),
    rust("addr2line", EITHER, ""),
    rust("adler2", "0BSD OR MIT OR Apache-2.0", ""),
    rust("cfg-if", EITHER, ""),
    rust(
        "compiler_builtins",
        "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)",
        "Copyright (c) Jorge Aparicio and others",
    ),
    rust("dlmalloc", EITHER, ""),
    rust("foldhash", "Zlib", "Copyright (c) 2024 Orson Peters"),
    rust("gimli", EITHER, ""),
    rust("hashbrown", EITHER, ""),
    rust("libc", EITHER, ""),
    rust("memchr", "Unlicense OR MIT", "Copyright (c) 2015 Andrew Gallant"),
    rust("miniz_oxide", "MIT OR Zlib OR Apache-2.0", ""),
    rust("object", EITHER, ""),
    rust("rustc-demangle", EITHER, ""),
    rust("rustc-literal-escaper", EITHER, ""),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::allowed::choose;

    #[test]
    fn every_part_may_be_shipped_and_tells_whose_it_is_where_that_is_asked() {
        for part in PARTS {
            let taken = choose(part.name, Some(part.licence));
            assert!(taken.is_ok(), "{taken:?}");
            let asks = taken.unwrap_or_default().iter().any(|id| !["Apache-2.0", "blessing"].contains(id));
            assert!(!asks || !part.copyright.is_empty(), "{} says nothing of its copyright", part.name);
        }
    }
}
