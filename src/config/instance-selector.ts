/** Whether instance types are asked for by what they are: `instanceSelector: {}`, as eksctl's dry run prints it, asks for nothing. */
export function selectsTypes({ instanceSelector = {} }: { readonly instanceSelector?: object | undefined }): boolean {
  return Object.keys(instanceSelector).length > 0;
}
