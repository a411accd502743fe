#!/usr/bin/env node
// Before the SDK is loaded: its remark on Node's age is not for the tool's users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const { main, processIo } = await import("../dist/cli.js");
process.exitCode = await main(process.argv.slice(2), processIo());
