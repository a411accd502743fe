import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/count-requests.ts"],
    exclude: ["test/live/**", "test/witness/**"],
    // One import of the SDK per worker: importing it anew for every file costs six times as much.
    isolate: false,
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 60_000,
    // The authorities of the machine are not the tests'.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", NO_COLOR: "1", AWS_CA_BUNDLE: "" },
  },
});
