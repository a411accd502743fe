/** What word processors, chats and web pages put into a text, and nobody sees; each with what it is. */
const odd: readonly (readonly [characters: RegExp, what: string])[] = [
  [/[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/u, "is no plain blank"],
  [/\p{Cf}/u, "cannot be seen: delete it"],
  [/[\u2018-\u201F\u00AB\u00BB]/u, "is a typographic quote: YAML knows \" and ' only"],
  [/[\u2010-\u2015\u2212]/u, "is a dash, no hyphen"],
];

/** The first character of a value that is not what it looks like, and what it is. */
export function oddCharacter(text: string): string | undefined {
  return odd.flatMap(([characters, what]) => {
    const found = characters.exec(text);
    return found ? [told(found[0], what)] : [];
  })[0];
}

/** The same of a key: the format's are all in ASCII. */
export function oddLetter(key: string): string | undefined {
  const found = /[^\p{ASCII}]/u.exec(key);
  return oddCharacter(key) ?? (found ? told(found[0], "is none of a to z") : undefined);
}

function told(character: string, what: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `the character ${/[\p{Cf}\p{Zs}]/u.test(character) ? "" : `${character} `}(U+${code}) ${what}`;
}
