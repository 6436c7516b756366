// Package archtest tests the architecture and the style of this repository.
//
// Its two fundamental types are the repository, with every Go file parsed, and
// the rule, a function that returns where the repository breaks it. The package
// has only tests: go test ./internal/archtest reports which rules are broken,
// where, and how to fix that.
//
// # To add a rule
//
// Write a function that takes the repository and returns complaints, each with a
// position and a fix. Add it to the table rules or textRules with a sentence as its
// name, and add a case to TestRules that breaks it.
//
// # To add a package
//
// Add a line to the table allowed, below the packages that it imports, and a line
// to internal/README.md that says why it is not a file in an existing package.
package archtest
