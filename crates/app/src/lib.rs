//! The binary `regie`: settings, wiring, commands. Nothing else reads the environment, the clock or randomness of the
//! machine.

pub mod command;
pub mod demo;
pub mod limit;
pub mod machine;
pub mod mail;
pub mod measure;
pub mod serve;
pub mod settings;
pub mod stop;
#[cfg(feature = "opentelemetry")]
pub mod trace;
