//! Parts of the WebAssembly that are loaded when they are first needed.

/// A part of the widget that is loaded on demand could not be loaded. The browser's reason is on the console; the next try loads it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a part of this page could not be loaded")]
pub struct NotLoaded;

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        NotLoaded
    }
}

/// Has a function live in a part of the widget: `part!(PART: fn NAME(ARGUMENT: TYPE) -> TYPE = FUNCTION)` makes an asynchronous `NAME`, which
/// loads the part where it is not there yet and gives what `FUNCTION` does, or [`NotLoaded`]. Everything that only functions of one
/// part reach is in the file of that part.
///
/// A build without `--cfg split` is in one piece: such a build is quick, and tests and `trunk serve` use it.
macro_rules! part {
    ($part:ident: $(#[$meta:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $function:path) => {
        #[cfg(split)]
        #[wasm_split_helpers::wasm_split($part, fallible)]
        $(#[$meta])*
        $vis fn $name($($argument: $type),*) -> Result<$result, $crate::browser::NotLoaded> {
            Ok($function($($argument),*))
        }

        #[cfg(not(split))]
        $(#[$meta])*
        $vis async fn $name($($argument: $type),*) -> Result<$result, $crate::browser::NotLoaded> {
            Ok($function($($argument),*))
        }
    };
}

pub(crate) use part;
