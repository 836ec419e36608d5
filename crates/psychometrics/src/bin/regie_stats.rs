//! The statistics commands as a program of their own.
fn main() {}
