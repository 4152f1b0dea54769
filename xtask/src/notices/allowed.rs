//! The licences that what is shipped may be under, and which of several is taken.

use spdx::{Expression, Licensee, ParseMode};

/// A licence, and words by which its text is known.
pub struct Licence {
    /// Its SPDX id, with its exception where it has one.
    pub id: &'static str,
    /// Words that its text has and others have not, in lower case with single spaces.
    pub says: &'static str,
}

/// What may be shipped. Of several licences that a package leaves the choice of, the first is taken: Apache 2.0 has one text for all,
/// the others one for each author.
pub const ALLOWED: &[Licence] = &[
    Licence { id: "Apache-2.0", says: "terms and conditions for use, reproduction, and distribution" },
    Licence {
        id: "MIT",
        says: "permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation",
    },
    Licence { id: "BSD-3-Clause", says: "used to endorse or promote products derived from this software" },
    Licence { id: "ISC", says: "provided that the above copyright notice and this permission notice appear in all copies" },
    Licence { id: "Zlib", says: "you must not claim that you wrote the original software" },
    Licence { id: "BSL-1.0", says: "boost software license - version 1.0" },
    Licence { id: "Unicode-3.0", says: "unicode license v3" },
    Licence { id: "CC0-1.0", says: "cc0 1.0 universal" },
    // Of the routines that every Rust program is linked with.
    Licence { id: "Apache-2.0 WITH LLVM-exception", says: "llvm exceptions to the apache 2.0 license" },
    // SQLite, which is in the public domain.
    Licence { id: "blessing", says: "may you do good and not evil" },
];

/// What else packages leave the choice of, so that its text is not taken for a notice.
pub const OTHERS: &[Licence] = &[
    Licence { id: "Unlicense", says: "this is free and unencumbered software released into the public domain" },
    Licence { id: "BSD-2-Clause", says: "redistributions in binary form must reproduce the above copyright" },
    Licence { id: "GPL", says: "gnu general public license" },
    Licence { id: "LGPL", says: "gnu lesser general public license" },
];

/// As packages write their licences, also those of before SPDX; none that SPDX does not know.
const AS_WRITTEN: ParseMode = ParseMode {
    allow_slash_as_or_operator: true,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: false,
    allow_deprecated: true,
    allow_unknown: false,
};

/// The licences of [`ALLOWED`] that a package is used under, by its SPDX expression.
///
/// # Errors
/// When they do not suffice; the message names the package, what was found, and what was expected.
pub fn choose(package: &str, licence: Option<&str>) -> Result<Vec<&'static str>, String> {
    let expected = || ALLOWED.iter().map(|licence| licence.id).collect::<Vec<_>>().join(", ");
    let Some(licence) = licence else {
        return Err(format!("{package}: found no licence, expected one of {}", expected()));
    };
    let refused = || format!("{package}: found the licence `{licence}`, expected one of {}", expected());
    let expression = Expression::parse_mode(licence, AS_WRITTEN).map_err(|_| refused())?;
    let allowed: Vec<(Licensee, &'static str)> =
        ALLOWED.iter().filter_map(|licence| Some((Licensee::parse(licence.id).ok()?, licence.id))).collect();
    let taken = expression.minimized_requirements(allowed.iter().map(|(licensee, _)| licensee)).map_err(|_| refused())?;
    let id = |wanted| allowed.iter().find(|(licensee, _)| licensee.clone().into_req() == wanted).map(|(_, id)| *id);
    Ok(taken.into_iter().filter_map(id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_licence_on_the_list_is_one_of_spdx() {
        for Licence { id, says } in ALLOWED {
            assert_eq!(choose("x", Some(id)), Ok(vec![*id]));
            assert_eq!(says.to_lowercase(), *says);
        }
    }

    #[test]
    fn of_several_licences_the_first_of_the_list_is_taken() {
        for (licence, taken) in [
            ("MIT", &["MIT"][..]),
            ("MIT OR Apache-2.0", &["Apache-2.0"]),
            ("MIT/Apache-2.0", &["Apache-2.0"]),
            ("MIT OR GPL-3.0", &["MIT"]),
            ("GPL-3.0-or-later OR Zlib", &["Zlib"]),
            ("Unlicense OR MIT", &["MIT"]),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", &["Apache-2.0", "Unicode-3.0"]),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", &["Apache-2.0"]),
        ] {
            assert_eq!(choose("x", Some(licence)).as_deref(), Ok(taken), "{licence}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_told_with_its_package() {
        for (licence, found) in [
            (Some("GPL-3.0"), "found the licence `GPL-3.0`"),
            (Some("MIT AND GPL-3.0-or-later"), "found the licence `MIT AND GPL-3.0-or-later`"),
            (Some("Apache-2.0 WITH Classpath-exception-2.0"), "found the licence `Apache-2.0 WITH Classpath-exception-2.0`"),
            (Some("Anything-Goes"), "found the licence `Anything-Goes`"),
            (Some(""), "found the licence ``"),
            (None, "found no licence"),
        ] {
            let told = choose("frob 1.0 (crate)", licence);
            let wanted = format!("frob 1.0 (crate): {found}, expected one of Apache-2.0, MIT, ");
            assert!(told.as_ref().is_err_and(|told| told.starts_with(&wanted)), "{licence:?}: {told:?}");
        }
    }
}
