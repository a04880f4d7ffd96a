// The list of conversations.
import "./base.js";
