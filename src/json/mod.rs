//! Reading hostile JSON.
//!
//! [`parse`] keeps every key of an object, also a repeated one, so that nothing is dropped unseen.
//! [`Reader`] walks the values and collects every [`Problem`] rather than stopping at the first.

#[cfg(feature = "cli")]
mod extent;
mod fields;
mod problem;
mod reader;
mod value;

#[cfg(feature = "cli")]
pub(crate) use extent::bounded;
pub use fields::Fields;
pub use problem::{Problem, Problems};
#[cfg(any(feature = "cli", feature = "local"))]
pub(crate) use reader::is_id;
pub use reader::{Object, Reader, field, index};
pub(crate) use reader::{is_language, nearest, optional};
#[cfg(feature = "cli")]
pub(crate) use value::no_json;
#[cfg(any(feature = "cli", feature = "local"))]
pub(crate) use value::quote;
pub use value::{Json, parse};
