package sqlite

const DriverName = driverName

func WriterDSN(uri string) string { return dsn(uri, "writer") }
