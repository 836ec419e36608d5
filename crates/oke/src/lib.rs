//! OKE MBO-toetsafname 1.0.1 on Open Onderwijs API v5.
pub mod check;
pub mod command;
pub mod exchange;
pub mod finding;
pub mod message;
pub mod outside;
pub mod patch;
pub mod rule;
pub mod score;
pub mod timing;
pub mod wire;
