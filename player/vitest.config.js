import { defineConfig } from "vitest/config";

// What needs no document says so at its top (@vitest-environment node): a document takes a second to make.
export default defineConfig({ test: { environment: "jsdom", include: ["test/**/*.test.js"] } });
