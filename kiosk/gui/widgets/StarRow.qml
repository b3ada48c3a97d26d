pragma ComponentBehavior: Bound
import QtQuick

Row {
    id: row
    property int stars: 0
    property int size: 26
    property color color: "#DFA000"
    spacing: 3
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("%1 of 5 stars").arg(stars)
    Repeater {
        model: 5
        Icon {
            required property int index
            name: index < row.stars ? "star" : "star-outline"
            color: index < row.stars ? row.color : "#C9C2B4"
            size: row.size
        }
    }
}
