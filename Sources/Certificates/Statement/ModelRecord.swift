/// What the model files are together: a name for joining certificates and model signatures, and what they hold.
package struct ModelRecord: Hashable, Sendable {
  /// The root of an OpenSSF model signature (OMS 1.0) over the model files.
  package let omsRoot: ContentDigest
  /// The number of weights; nil where a file is in a format whose weights are not counted.
  package let parameters: Int?
  /// Their element types, ascending; empty exactly where they are not counted or there are none.
  package let dtypes: [String]

  /// Makes a record.
  package init(omsRoot: ContentDigest, parameters: Int? = nil, dtypes: [String] = []) {
    self.omsRoot = omsRoot
    self.parameters = parameters
    self.dtypes = dtypes
  }

  /// The root over files in any order: SHA-256 of their raw digests, one behind the other, in the order of the names.
  ///
  /// Names do not enter it, so it never stands for the manifest. Names are ordered component by component, as
  /// `model_signing` 1.1 orders paths: `a/b` before `a-b`.
  package static func omsRoot(of files: [FileRecord]) -> ContentDigest {
    let ordered = files.sorted { left, right in
      left.name.components.lexicographicallyPrecedes(right.name.components) {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
    return ContentDigest(of: ordered.flatMap(\.digest.bytes))
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["omsRoot"], optional: ["dtypes", "parameters"])
    omsRoot = try reader.digest("omsRoot")
    parameters = reader.has("parameters") ? try reader.count("parameters") : nil
    dtypes = reader.has("dtypes") ? try reader.strings("dtypes") : []
    guard !reader.has("dtypes") || (!dtypes.isEmpty && parameters != nil) else {
      throw reader.refuse(.fieldValue, "dtypes", "element types go with a number of weights, and are some")
    }
    guard zip(dtypes, dtypes.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
      throw reader.refuse(.fieldValue, "dtypes", "element types ascend and occur once")
    }
  }

  /// `{dtypes?, omsRoot, parameters?}`.
  package var json: JSONValue {
    var object: JSONObject = ["omsRoot": .string(omsRoot.hex)]
    object["parameters"] = parameters.map { .integer($0) }
    if !dtypes.isEmpty { object["dtypes"] = .array(dtypes.map { .string($0) }) }
    return .object(object)
  }
}
