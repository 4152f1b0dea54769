mod panel;
mod panels;
mod shelf;
mod supply;

pub use panel::Panel;
pub use panels::{Panels, Shown};
pub use shelf::{Fetched, Load, Shelf, Slot};
pub use supply::Supply;
