// Package vendortest shows that a program that vendors its dependencies has the whole
// page: its test vendors the module as it stands, and visits. It holds nothing else.
package vendortest
