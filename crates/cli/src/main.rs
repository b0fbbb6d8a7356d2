//! The kerbwatt command.
fn main() {}
