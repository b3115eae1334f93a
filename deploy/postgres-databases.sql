-- Run once by the compose file's PostgreSQL: the control database, and one region's product and audit databases.
CREATE DATABASE gatehouse_control;
CREATE DATABASE gatehouse_us;
CREATE DATABASE gatehouse_us_audit;
