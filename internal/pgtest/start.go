package pgtest

// Start starts a cluster of its own for a program that is no test, whatever Env
// names, with these settings of the server, each as name=value. end ends it and
// removes all of it. There is one such cluster in a process.
func Start(settings ...string) (dsn string, end func(), err error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	var args []string
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	if dsn, err = start(bin, args...); err != nil {
		return "", nil, err
	}
	return dsn, func() { stop() }, nil
}
