/** Values of environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `$${NAME}` stands for the text `${NAME}`. */
const reference = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * A text with the values of the variables that it names as `${NAME}`. Others, such as `${aws:username}` of policies, are left alone.
 *
 * @param fail is told of a variable that is not set.
 */
export function fillVariables(text: string, variables: Variables, fail: (problem: string) => never): string {
  return text.replace(reference, (whole, name: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value ?? fail(`the environment variable ${name} is not set; for the text itself write $\${${name}}`);
  });
}
