// Package contract holds what the v3 contract states as facts (v3.json), and
// the checks made with them: of each answer that a test sees
// (Checker.CheckAnswer), and of the OpenAPI document that Kith serves
// (Compare). What departs from the contract on purpose is a row of
// docs/divergences.md; Settle holds rows and differences against each other.
//
// The facts come from the contract's Swagger file and have its slips. Where
// the guide to the contract knows better, a named correction says so
// (corrections.go). "Guide" with a number in this package's comments is a
// section of that guide.
//
// It is for tests alone: nothing that is shipped imports it.
package contract
