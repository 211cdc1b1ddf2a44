// Numbers that do not depend on the folder that is built in, so that anybody's build gives the committed bytes.
module.exports = { optimization: { moduleIds: "natural" } };
