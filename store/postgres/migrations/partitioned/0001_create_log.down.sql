DROP TABLE {{locks}};
DROP TABLE {{table}};
