// Package archtest holds the rules of this repository, as tests. A rule that is
// not tested here is a wish.
//
// Its two fundamental types are the repository, every Go file of it parsed,
// and the rule, a function from the repository to the places where it is
// broken. There is nothing here but tests: go test ./internal/archtest says which
// rule is broken, where, and what to do.
//
// # To add a rule
//
// Write a function that takes the repository and gives complaints, each with a
// place and a way out; put it into the table rules with a sentence as its name;
// and add a case to TestRulesBite that breaks it. A rule that cannot be broken
// in a test is not held either.
//
// # To add a room
//
// Add a line to doors, below the rooms that it looks into, and a line to
// internal/README.md that says why it is not a file in a room that exists.
package archtest
