// Package real holds live tests: the built binary is pointed at real systems,
// installed from their package registries, and its verdicts are compared with
// the truth about each release. They carry the build tag real, because they
// need registries and minutes; type ./run.sh test-real.
package real
