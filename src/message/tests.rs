//! Each rule of reading a message, on messages written for it; and: nothing that is read panics or takes long.

mod hostile;
mod platform;
mod rules;
