package main

// prismaSQL is what `prisma migrate` makes of the model Log of the application
// that this library comes from: its six indexes beside the key.
const prismaSQL = `
CREATE TYPE "LogLevel" AS ENUM ('INFO', 'WARNING', 'ERROR', 'CRITICAL');
CREATE TYPE "LogActor" AS ENUM ('USER', 'CREATOR', 'ADMIN', 'SYSTEM', 'GUEST');
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
CREATE INDEX "Log_createdAt_idx" ON "Log"("createdAt");
CREATE INDEX "Log_level_idx" ON "Log"("level");
CREATE INDEX "Log_type_idx" ON "Log"("type");
CREATE INDEX "Log_actor_idx" ON "Log"("actor");
CREATE INDEX "Log_actorId_idx" ON "Log"("actorId");
CREATE INDEX "Log_level_createdAt_idx" ON "Log"("level", "createdAt");
`
