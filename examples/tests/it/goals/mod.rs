//! What the provisioning engine promises, measured against a service provider in this process.

mod budgets;
mod crashing;
mod failing;
mod groups;
mod guarding;
mod house;
mod memory;
mod modelling;
mod objects;
mod people;
mod reconciling;
mod removing;
mod secrets;
mod targets;
mod ways;
mod wire;
mod world;
