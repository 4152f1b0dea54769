/** The letter of an option on screen, counted from 0. */
export const letter = (option) => String.fromCharCode(65 + option);
