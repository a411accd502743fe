import { type About, invalidParameter } from "./errors.ts";

const most = 50;

/** The tags of a request. Throws InvalidParameterException for reserved, too long or too many ones. */
export function checkedTags(tags: Readonly<Record<string, string>> | undefined, about: About): Record<string, string> {
  const checked = { ...tags };
  if (Object.keys(checked).length > most) throw invalidParameter(`A resource can have at most ${most} tags.`, about);
  for (const [key, value] of Object.entries(checked)) {
    if (key.toLowerCase().startsWith("aws:")) {
      throw invalidParameter(`Tag key '${key}' is reserved: keys cannot begin with aws:.`, about);
    }
    if (key.length === 0 || key.length > 128)
      throw invalidParameter(`Tag key '${key}' must have 1 to 128 characters.`, about);
    if (value.length > 256) throw invalidParameter(`The value of tag '${key}' has more than 256 characters.`, about);
  }
  return checked;
}
