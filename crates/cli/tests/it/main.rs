//! The shipped binary, driven as a person or a script drives it.
#![expect(clippy::expect_used, reason = "tests")]
#![expect(clippy::print_stdout, reason = "tests say what they skip and what they saw")]

mod archives;
mod as_of;
mod bad_input;
mod crash;
mod damage;
mod deciding;
mod demo;
mod faults;
#[cfg(unix)]
mod formats;
mod full_disk;
mod headers;
mod independent;
mod limits;
#[cfg(target_os = "linux")]
mod memory;
mod mending;
mod moved;
mod patterns;
mod program;
mod real_data;
mod serving;
mod submitting;
mod vault_key;
