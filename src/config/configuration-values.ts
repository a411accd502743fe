import { parseYaml } from "../yaml.ts";

/**
 * Settings of an add-on as data: `addons[].configurationValues` is JSON or YAML text.
 *
 * @throws YamlError when the text is neither.
 */
export function parseConfigurationValues(text: string | undefined): unknown {
  return text === undefined ? undefined : parseYaml(text).value;
}
