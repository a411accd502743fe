import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/witness/**/*.test.ts"],
    // Programs are started by the dozen, and Python takes its time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", NO_COLOR: "1" },
  },
});
