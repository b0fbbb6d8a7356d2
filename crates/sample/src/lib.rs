//! A seeded, believable synthetic London, for the demo, the tests and the benchmark.
