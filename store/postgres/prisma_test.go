package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// prismaSQL is what `prisma migrate` makes of the model Log.
const prismaSQL = `
-- CreateEnum
CREATE TYPE "LogLevel" AS ENUM ('INFO', 'WARNING', 'ERROR', 'CRITICAL');

-- CreateEnum
CREATE TYPE "LogActor" AS ENUM ('USER', 'CREATOR', 'ADMIN', 'SYSTEM', 'GUEST');

-- CreateTable
CREATE TABLE "Log" (
    "id" TEXT NOT NULL,
    "level" "LogLevel" NOT NULL DEFAULT 'INFO',
    "type" TEXT NOT NULL,
    "actor" "LogActor" NOT NULL,
    "actorId" TEXT,
    "message" TEXT NOT NULL,
    "metadata" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Log_createdAt_idx" ON "Log"("createdAt");

-- CreateIndex
CREATE INDEX "Log_level_idx" ON "Log"("level");

-- CreateIndex
CREATE INDEX "Log_type_idx" ON "Log"("type");

-- CreateIndex
CREATE INDEX "Log_actor_idx" ON "Log"("actor");

-- CreateIndex
CREATE INDEX "Log_actorId_idx" ON "Log"("actorId");

-- CreateIndex
CREATE INDEX "Log_level_createdAt_idx" ON "Log"("level", "createdAt");
`

func makePrisma(t testing.TB, dsn string) {
	t.Helper()
	require.NoError(t, handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}).Exec(prismaSQL).Error)
}
