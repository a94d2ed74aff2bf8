package import Certificates

/// A change that cannot be made, such as at a path that leads nowhere.
package struct EditFailure: Error, CustomStringConvertible {
  package let description: String

  /// Says why.
  package init(_ description: String) { self.description = description }
}

extension JSONValue {
  /// The value at a path of names and positions, like `predicate/properties/0/bounds`; nil where there is none.
  package func value(at path: String) -> JSONValue? {
    var value: JSONValue? = self
    for step in path.split(separator: "/") {
      if let object = value?.objectValue {
        value = object[String(step)]
      } else if let list = value?.arrayValue, let index = Int(step), list.indices.contains(index) {
        value = list[index]
      } else {
        return nil
      }
    }
    return value
  }

  /// Replaces the value at a path, or removes it for nil; a name that an object lacks is added.
  ///
  /// - Throws: `EditFailure` where the path leads nowhere.
  package mutating func set(_ path: String, _ new: JSONValue?) throws(EditFailure) {
    self = try Self.edited(self, path.split(separator: "/").map(String.init)[...], new)
  }

  private static func edited(
    _ value: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue?
  ) throws(EditFailure) -> JSONValue {
    guard let step = path.first else { throw EditFailure("an empty path") }
    let rest = path.dropFirst()
    switch value {
    case .object(var object):
      if rest.isEmpty {
        object[step] = new
      } else {
        guard let inner = object[step] else { throw EditFailure("no member `\(step)`") }
        object[step] = try edited(inner, rest, new)
      }
      return .object(object)
    case .array(var list):
      guard let index = Int(step), list.indices.contains(index) else {
        throw EditFailure("no element `\(step)`")
      }
      if !rest.isEmpty {
        list[index] = try edited(list[index], rest, new)
      } else if let new {
        list[index] = new
      } else {
        list.remove(at: index)
      }
      return .array(list)
    default: throw EditFailure("`\(step)` below \(value.kind)")
    }
  }

  /// The paths of all values in it, outer ones first.
  package var paths: [String] {
    var paths: [String] = []
    func collect(_ value: JSONValue, _ prefix: String) {
      for member in value.objectValue?.members ?? [] where !member.name.contains("/") {
        paths.append(prefix + member.name)
        collect(member.value, prefix + member.name + "/")
      }
      for (index, element) in (value.arrayValue ?? []).enumerated() {
        paths.append(prefix + "\(index)")
        collect(element, prefix + "\(index)/")
      }
    }
    collect(self, "")
    return paths
  }
}
