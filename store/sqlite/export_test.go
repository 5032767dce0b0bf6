package sqlite

const DriverName = driverName
