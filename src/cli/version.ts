import manifest from "../../package.json" with { type: "json" };

/** The tool's version, as released. */
export const toolVersion: string = manifest.version;
