package spill

const childEnv = "SPILL_TEST_CHILD"

// children are what the test binary does instead of testing, in processes that the
// tests start.
var children = map[string]func(){}
