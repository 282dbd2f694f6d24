//! What the provisioning engine promises, measured against a service provider in this process.

mod budgets;
mod crashing;
mod doubling;
mod failing;
mod groups;
mod guarding;
mod house;
mod memory;
mod modelling;
mod objects;
mod operating;
mod people;
mod provider;
mod reconciling;
mod removing;
mod repeating;
mod returning;
mod secrets;
mod targets;
mod ways;
mod wire;
mod world;
