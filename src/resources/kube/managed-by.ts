/** The label by which what is ours as a whole is found, and goes when it is wanted no more. */
export const managedBy = "app.kubernetes.io/managed-by";
export const us = "ekstool";
